"""The ground of the product: time, errors, confidentiality, audit, the outbox, and how it is started."""
