# A template for a Homebrew formula: put in the address, the version and the checksum of the archive of the sources.
class Stepback < Formula
  desc "Opens AWS Step Functions executions, finds the cause, and replays failed steps"
  homepage "HOMEPAGE"
  url "HOMEPAGE/archive/refs/tags/vVERSION.tar.gz"
  sha256 "SHA256"
  license any_of: ["MIT", "Apache-2.0"]

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args, "--profile", "dist"
    generate_completions_from_executable(bin/"stepback", "completions")
    (buildpath/"man").mkpath
    system bin/"stepback", "man", "--output", buildpath/"man"
    man1.install Dir[buildpath/"man/*.1"]
    pkgshare.install "recordings"
  end

  test do
    assert_match "CardDeclined", shell_output("#{bin}/stepback why #{pkgshare}/recordings/order-payment-declined.sfn.json", 1)
  end
end
