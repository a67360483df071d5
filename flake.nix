# tmrs for Nix, built from this repository: `nix run github:tmrs-dev/tmrs -- check`.
{
  description = "Threat models, checked in every pull request";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs = { self, nixpkgs }:
    let
      cargo = (builtins.fromTOML (builtins.readFile ./Cargo.toml)).package;
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      package = pkgs: pkgs.rustPlatform.buildRustPackage {
        pname = cargo.name;
        version = cargo.version;
        src = self;
        cargoLock.lockFile = ./Cargo.lock;
        # The tests start git and compare with what CI has; CI runs them.
        doCheck = false;
        nativeBuildInputs = [ pkgs.installShellFiles ];
        # What every other package carries too.
        postInstall = pkgs.lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
          $out/bin/tmrs man --all man
          installManPage man/*.1
          for shell in bash zsh fish; do
            $out/bin/tmrs completions $shell > tmrs.$shell
          done
          installShellCompletion --cmd tmrs --bash tmrs.bash --zsh tmrs.zsh --fish tmrs.fish
        '';
        meta = {
          description = "Threat models, checked in every pull request";
          homepage = cargo.repository;
          license = with pkgs.lib.licenses; [ asl20 mit ];
          mainProgram = "tmrs";
        };
      };
    in
    {
      packages = nixpkgs.lib.genAttrs systems (system: {
        default = package nixpkgs.legacyPackages.${system};
      });
    };
}
