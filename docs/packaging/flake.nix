# A template for a Nix flake; it belongs at the top of the checkout.
{
  description = "Opens AWS Step Functions executions, finds the cause, and replays failed steps";
  inputs.nixpkgs.url = "nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
      each = nixpkgs.lib.genAttrs systems;
    in {
      packages = each (system:
        let pkgs = nixpkgs.legacyPackages.${system};
        in {
          default = pkgs.rustPlatform.buildRustPackage {
            pname = "stepback";
            version = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package.version;
            src = self;
            cargoLock.lockFile = ./Cargo.lock;
            buildType = "dist";
            # The tests drive pseudo-terminals and install emulators; cargo test runs them in a checkout.
            doCheck = false;
            nativeBuildInputs = [ pkgs.installShellFiles ];
            postInstall = ''
              $out/bin/stepback man --output man
              installManPage man/*.1
              for shell in bash zsh fish; do $out/bin/stepback completions $shell > stepback.$shell; done
              installShellCompletion stepback.{bash,zsh,fish}
            '';
          };
        });
    };
}
