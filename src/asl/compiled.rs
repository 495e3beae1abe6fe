//! Stand-ins for the compiled expressions until the query module offers them.

macro_rules! stand_in {
    ($($name:ident)*) => {$(
        /// A compiled expression.
        #[derive(Debug, Clone)]
        pub struct $name(pub String);
    )*};
}

stand_in!(Path ReferencePath Template Call Rule Expression JsonataTemplate);
