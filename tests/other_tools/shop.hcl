spec_version = "0.3.1"

variable "network" {
  value = "Cloud"
}

threatmodel "Shop" {
  author = "Jo"

  attributes {
    new_initiative  = "false"
    internet_facing = "true"
    initiative_size = "Small"
  }

  information_asset "Card number" {
    information_classification = "Restricted"
  }

  usecase {
    description = "A customer buys what the shop sells"
  }

  data_flow_diagram_v2 "The whole" {
    trust_zone "Internet" {
      external_element "Customer" {}
    }

    trust_zone "Cloud" {
      process "Web shop" {}
    }

    data_store "Orders" {
      trust_zone        = var.network
      information_asset = "Card number"
    }

    flow "Order" {
      from     = "Customer"
      to       = "Web shop"
      protocol = "https"
    }

    flow "Keep" {
      from     = "Web shop"
      to       = "Orders"
      protocol = "encrypted"
    }
  }
}
