variable "zone" {
  value = "inside"
}
threatmodel "Few" {
  author    = "Jo"
  imports   = ["library.hcl"]
  including = "base.hcl"
  information_asset "Orders" {
    information_classification = "Confidential"
  }
  threat "Orders leak" {
    description            = import.control.mfa.description
    information_asset_refs = ["Orders"]
    control_imports        = ["import.control.mfa"]
    risk {
      likelihood = "high"
      impact     = "very_high"
    }
    control "Keys" {
      implemented = true
      description = <<-EOT
        Kept in ${var.zone}
      EOT
    }
  }
  data_flow_diagram_v2 "All" {
    external_element "user" {}
    trust_zone "inside" {
      process "web api" {}
    }
    data_store "db" {
      trust_zone        = var.zone
      information_asset = "Orders"
    }
    flow "ask" {
      from     = "user"
      to       = "web api"
      protocol = "https"
    }
    flow "keep" {
      from = "web api"
      to   = "db"
    }
  }
}
%%% library.hcl
component "control" "mfa" {
  description = "a second factor"
  implemented = true
}
%%% base.hcl
threatmodel "Base" {
  author = "Ann"
  threat "Keys leak" {
    description = "${1 + 1} ${upper("a")} %{ if true }b%{ endif }"
  }
}
