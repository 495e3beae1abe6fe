//! MD5 and the Secure Hash Algorithms, for `States.Hash` and JSONata's `$hash`.
//!
//! They fingerprint payloads of a few kilobytes; nothing here is meant to keep secrets. Written out, because the
//! crates for them weigh more in a build than these tables.

/// A hash algorithm that Step Functions offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// `MD5`
    Md5,
    /// `SHA-1`
    Sha1,
    /// `SHA-256`
    Sha256,
    /// `SHA-384`
    Sha384,
    /// `SHA-512`
    Sha512,
}

impl Algorithm {
    /// Returns the algorithm of this name, which is case-sensitive.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "MD5" => Self::Md5,
            "SHA-1" => Self::Sha1,
            "SHA-256" => Self::Sha256,
            "SHA-384" => Self::Sha384,
            "SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    /// Returns the hash of some bytes in lower-case hexadecimal digits.
    pub fn hex(self, bytes: &[u8]) -> String {
        let digest: Vec<u8> = match self {
            Self::Md5 => md5(bytes).iter().flat_map(|word| word.to_le_bytes()).collect(),
            Self::Sha1 => sha1(bytes).iter().flat_map(|word| word.to_be_bytes()).collect(),
            Self::Sha256 => sha256(bytes).iter().flat_map(|word| word.to_be_bytes()).collect(),
            Self::Sha384 => sha512(bytes, SHA384_START).iter().take(6).flat_map(|word| word.to_be_bytes()).collect(),
            Self::Sha512 => sha512(bytes, SHA512_START).iter().flat_map(|word| word.to_be_bytes()).collect(),
        };
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Pads to whole blocks: a one bit, zeros, and the length in bits.
fn padded(bytes: &[u8], block: usize, length: &[u8]) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while !(padded.len() + length.len()).is_multiple_of(block) {
        padded.push(0);
    }
    padded.extend_from_slice(length);
    padded
}

fn bits(bytes: &[u8]) -> u64 {
    (bytes.len() as u64).wrapping_mul(8)
}

fn words32(block: &[u8], read: fn([u8; 4]) -> u32) -> impl Iterator<Item = u32> {
    block.as_chunks::<4>().0.iter().map(move |word| read(*word))
}

const MD5_SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

fn md5(bytes: &[u8]) -> [u32; 4] {
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(bytes, 64, &bits(bytes).to_le_bytes()).chunks_exact(64) {
        let words: Vec<u32> = words32(block, u32::from_le_bytes).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64usize {
            let (mixed, word) = match step / 16 {
                0 => (b & c | !b & d, step),
                1 => (d & b | !d & c, 5 * step + 1),
                2 => (b ^ c ^ d, 3 * step + 5),
                _ => (c ^ (b | !d), 7 * step),
            };
            let word = words.get(word % 16).copied().unwrap_or_default();
            let sum = a.wrapping_add(mixed).wrapping_add(sine(step)).wrapping_add(word);
            let shift = MD5_SHIFTS.get(step / 16).and_then(|shifts| shifts.get(step % 4)).copied().unwrap_or_default();
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(shift)));
        }
        state = add32(state, [a, b, c, d]);
    }
    state
}

/// The constant of an MD5 step: the sine of its number, scaled to 32 bits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the product is between 0 and 2^32")]
fn sine(step: usize) -> u32 {
    let number = f64::from(u8::try_from(step + 1).unwrap_or(u8::MAX));
    (number.sin().abs() * 4_294_967_296.0) as u32
}

fn add32<const N: usize>(mut state: [u32; N], by: [u32; N]) -> [u32; N] {
    state.iter_mut().zip(by).for_each(|(word, by)| *word = word.wrapping_add(by));
    state
}

fn sha1(bytes: &[u8]) -> [u32; 5] {
    let mut state: [u32; 5] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(bytes, 64, &bits(bytes).to_be_bytes()).chunks_exact(64) {
        let mut words: Vec<u32> = words32(block, u32::from_be_bytes).collect();
        while let [.., p16, _, p14, _, _, _, _, _, p8, _, _, _, _, p3, _, _] = *words.as_slice()
            && words.len() < 80
        {
            words.push((p3 ^ p8 ^ p14 ^ p16).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (step, word) in words.into_iter().enumerate() {
            let (mixed, constant) = match step / 20 {
                0 => (b & c | !b & d, 0x5a82_7999),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6_u32),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant).wrapping_add(word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        state = add32(state, [a, b, c, d, e]);
    }
    state
}

/// Makes the state and the step function of one width of SHA-2; they differ in their numbers only.
macro_rules! sha2 {
    ($compress:ident, $word:ty, $steps:literal, $s0:expr, $s1:expr, $e0:expr, $e1:expr) => {
        fn $compress(state: [$word; 8], block: Vec<$word>) -> [$word; 8] {
            let mut words = block;
            while let [.., p16, p15, _, _, _, _, _, _, _, p7, _, _, _, _, p2, _] = *words.as_slice()
                && words.len() < $steps
            {
                let (s0, s1): (fn($word) -> $word, fn($word) -> $word) = ($s0, $s1);
                words.push(s1(p2).wrapping_add(p7).wrapping_add(s0(p15)).wrapping_add(p16));
            }
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
            for (word, constant) in words.into_iter().zip(ROUNDS) {
                let (e0, e1): (fn($word) -> $word, fn($word) -> $word) = ($e0, $e1);
                // SHA-256 takes the upper half of SHA-512's constants.
                let constant = (constant >> (64 - <$word>::BITS)) as $word;
                let first =
                    h.wrapping_add(e1(e)).wrapping_add(e & f ^ !e & g).wrapping_add(constant).wrapping_add(word);
                let second = e0(a).wrapping_add(a & b ^ a & c ^ b & c);
                (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
            }
            let mut state = state;
            for (word, by) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
                *word = word.wrapping_add(by);
            }
            state
        }
    };
}

sha2!(
    compress256,
    u32,
    64,
    |w| w.rotate_right(7) ^ w.rotate_right(18) ^ (w >> 3),
    |w| w.rotate_right(17) ^ w.rotate_right(19) ^ (w >> 10),
    |w| w.rotate_right(2) ^ w.rotate_right(13) ^ w.rotate_right(22),
    |w| w.rotate_right(6) ^ w.rotate_right(11) ^ w.rotate_right(25)
);
sha2!(
    compress512,
    u64,
    80,
    |w| w.rotate_right(1) ^ w.rotate_right(8) ^ (w >> 7),
    |w| w.rotate_right(19) ^ w.rotate_right(61) ^ (w >> 6),
    |w| w.rotate_right(28) ^ w.rotate_right(34) ^ w.rotate_right(39),
    |w| w.rotate_right(14) ^ w.rotate_right(18) ^ w.rotate_right(41)
);

fn sha256(bytes: &[u8]) -> [u32; 8] {
    let start = SHA512_START.map(|word| u32::try_from(word >> 32).unwrap_or_default());
    let padded = padded(bytes, 64, &bits(bytes).to_be_bytes());
    padded.chunks_exact(64).fold(start, |state, block| compress256(state, words32(block, u32::from_be_bytes).collect()))
}

fn sha512(bytes: &[u8], start: [u64; 8]) -> [u64; 8] {
    let padded = padded(bytes, 128, &u128::from(bits(bytes)).to_be_bytes());
    padded.chunks_exact(128).fold(start, |state, block| {
        compress512(state, block.as_chunks::<8>().0.iter().map(|word| u64::from_be_bytes(*word)).collect())
    })
}

/// The fractions of the square roots of the first eight primes.
const SHA512_START: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// The fractions of the square roots of the ninth to the sixteenth prime.
const SHA384_START: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
    0x9159_015a_3070_dd17,
    0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31,
    0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
];

/// The fractions of the cube roots of the first eighty primes.
const ROUNDS: [u64; 80] = [
    0x428a_2f98_d728_ae22,
    0x7137_4491_23ef_65cd,
    0xb5c0_fbcf_ec4d_3b2f,
    0xe9b5_dba5_8189_dbbc,
    0x3956_c25b_f348_b538,
    0x59f1_11f1_b605_d019,
    0x923f_82a4_af19_4f9b,
    0xab1c_5ed5_da6d_8118,
    0xd807_aa98_a303_0242,
    0x1283_5b01_4570_6fbe,
    0x2431_85be_4ee4_b28c,
    0x550c_7dc3_d5ff_b4e2,
    0x72be_5d74_f27b_896f,
    0x80de_b1fe_3b16_96b1,
    0x9bdc_06a7_25c7_1235,
    0xc19b_f174_cf69_2694,
    0xe49b_69c1_9ef1_4ad2,
    0xefbe_4786_384f_25e3,
    0x0fc1_9dc6_8b8c_d5b5,
    0x240c_a1cc_77ac_9c65,
    0x2de9_2c6f_592b_0275,
    0x4a74_84aa_6ea6_e483,
    0x5cb0_a9dc_bd41_fbd4,
    0x76f9_88da_8311_53b5,
    0x983e_5152_ee66_dfab,
    0xa831_c66d_2db4_3210,
    0xb003_27c8_98fb_213f,
    0xbf59_7fc7_beef_0ee4,
    0xc6e0_0bf3_3da8_8fc2,
    0xd5a7_9147_930a_a725,
    0x06ca_6351_e003_826f,
    0x1429_2967_0a0e_6e70,
    0x27b7_0a85_46d2_2ffc,
    0x2e1b_2138_5c26_c926,
    0x4d2c_6dfc_5ac4_2aed,
    0x5338_0d13_9d95_b3df,
    0x650a_7354_8baf_63de,
    0x766a_0abb_3c77_b2a8,
    0x81c2_c92e_47ed_aee6,
    0x9272_2c85_1482_353b,
    0xa2bf_e8a1_4cf1_0364,
    0xa81a_664b_bc42_3001,
    0xc24b_8b70_d0f8_9791,
    0xc76c_51a3_0654_be30,
    0xd192_e819_d6ef_5218,
    0xd699_0624_5565_a910,
    0xf40e_3585_5771_202a,
    0x106a_a070_32bb_d1b8,
    0x19a4_c116_b8d2_d0c8,
    0x1e37_6c08_5141_ab53,
    0x2748_774c_df8e_eb99,
    0x34b0_bcb5_e19b_48a8,
    0x391c_0cb3_c5c9_5a63,
    0x4ed8_aa4a_e341_8acb,
    0x5b9c_ca4f_7763_e373,
    0x682e_6ff3_d6b2_b8a3,
    0x748f_82ee_5def_b2fc,
    0x78a5_636f_4317_2f60,
    0x84c8_7814_a1f0_ab72,
    0x8cc7_0208_1a64_39ec,
    0x90be_fffa_2363_1e28,
    0xa450_6ceb_de82_bde9,
    0xbef9_a3f7_b2c6_7915,
    0xc671_78f2_e372_532b,
    0xca27_3ece_ea26_619c,
    0xd186_b8c7_21c0_c207,
    0xeada_7dd6_cde0_eb1e,
    0xf57d_4f7f_ee6e_d178,
    0x06f0_67aa_7217_6fba,
    0x0a63_7dc5_a2c8_98a6,
    0x113f_9804_bef9_0dae,
    0x1b71_0b35_131c_471b,
    0x28db_77f5_2304_7d84,
    0x32ca_ab7b_40c7_2493,
    0x3c9e_be0a_15c9_bebc,
    0x431d_67c4_9c10_0d4c,
    0x4cc5_d4be_cb3e_42b6,
    0x597f_299c_fc65_7e2a,
    0x5fcb_6fab_3ad6_faec,
    0x6c44_198c_4a47_5817,
];

#[cfg(test)]
mod tests {
    use super::Algorithm;

    #[test]
    fn hashes_are_those_of_the_standards() {
        for (algorithm, text, expected) in [
            ("MD5", "", "d41d8cd98f00b204e9800998ecf8427e"),
            ("MD5", "input data", "812f45842bc6d66ee14572ce20db8e86"),
            ("SHA-1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("SHA-256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "SHA-384",
                "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                "SHA-512",
                "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
                 2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ] {
            assert_eq!(Algorithm::named(algorithm).unwrap().hex(text.as_bytes()), expected, "{algorithm} of {text:?}");
        }
    }

    #[test]
    fn text_longer_than_a_block_is_hashed_block_by_block() {
        let text = "a".repeat(1_000);
        assert_eq!(Algorithm::Sha1.hex(text.as_bytes()), "291e9a6c66994949b57ba5e650361e98fc36b1ba");
        assert_eq!(Algorithm::Md5.hex(text.as_bytes()), "cabe45dcc9ae5b66ba86600cca6b8ba8");
    }
}
