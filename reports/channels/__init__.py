"""The channels: each takes a finished report somewhere, or raises DeliveryError."""
