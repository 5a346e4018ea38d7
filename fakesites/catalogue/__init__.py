"""The catalogue of sites: one TOML file each."""
