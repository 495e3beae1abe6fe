//! The protocol on standard input and output, by the official library.

use super::answer::{Answer, Unanswered};
use super::desk::Desk;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, GetPromptRequestParams, GetPromptResponse,
    GetPromptResult, Implementation, ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult,
    ListToolsResult, PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
    ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler, ServiceExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Serves a client on standard input and output until it goes away.
pub fn serve(desk: Desk) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let desk = Arc::new(desk);
    let served = runtime.block_on(async {
        let service = Served { desk }.serve(rmcp::transport::stdio()).await.map_err(io::Error::other)?;
        service.waiting().await.map(drop).map_err(io::Error::other)
    });
    // A call that is still being answered has nobody to be told.
    runtime.shutdown_background();
    served
}

struct Served {
    desk: Arc<Desk>,
}

impl Served {
    /// Answers beside the protocol, so that other requests and a cancellation are heard meanwhile.
    async fn beside<T: Send + 'static>(
        &self,
        context: &RequestContext<RoleServer>,
        answer: impl FnOnce(&Desk, &Arc<AtomicBool>) -> Result<T, Unanswered> + Send + 'static,
    ) -> Result<T, ErrorData> {
        let (desk, stop) = (Arc::clone(&self.desk), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&stop);
        let answering = tokio::task::spawn_blocking(move || answer(&desk, &told));
        tokio::select! {
            answered = answering => match answered {
                Ok(answer) => answer.map_err(refused),
                Err(_) => Err(ErrorData::internal_error("The call could not be answered.", None)),
            },
            () = context.ct.cancelled() => {
                stop.store(true, Ordering::Relaxed);
                Err(refused(Unanswered::Cancelled))
            }
        }
    }
}

fn refused(unanswered: Unanswered) -> ErrorData {
    match unanswered {
        Unanswered::Unknown(reason) => ErrorData::invalid_params(reason, None),
        Unanswered::Cancelled => ErrorData::internal_error("Cancelled.", None),
    }
}

/// Makes the library's form of what is told as the protocol has it.
fn form<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

fn told(answer: &Answer) -> CallToolResult {
    let content = vec![ContentBlock::text(answer.text())];
    if answer.is_failure() { CallToolResult::error(content) } else { CallToolResult::success(content) }
}

impl ServerHandler for Served {
    fn get_info(&self) -> ServerConfig {
        let can = ServerCapabilities::builder().enable_tools().enable_resources().enable_prompts().build();
        let itself = Implementation::new("stepback", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(can).with_server_info(itself).with_instructions(self.desk.instructions())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        form(json!({ "tools": self.desk.tools() }))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let (name, arguments) = (request.name.into_owned(), request.arguments.unwrap_or_default());
        let answer = self.beside(&context, move |desk, stop| desk.call(&name, &arguments, stop)).await?;
        Ok(told(&answer).into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        form(self.desk.prompts())
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments: Map<String, Value> = form(json!(request.arguments.unwrap_or_default()))?;
        let told = self.desk.prompt(&request.name, &arguments).map_err(refused)?;
        Ok(form::<GetPromptResult>(told)?.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|page| page.cursor);
        form(self.beside(&context, move |desk, _| desk.resources(cursor.as_deref())).await?)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        form(self.desk.resource_templates())
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.clone();
        let told = self.beside(&context, move |desk, stop| desk.resource(&uri, stop)).await?;
        Ok(form::<ReadResourceResult>(told)?.into())
    }
}
