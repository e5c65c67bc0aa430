"""The practice county: made-up agencies, people and children, for trying the product and for showing it."""
