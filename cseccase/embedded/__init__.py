"""Everything needed to run the product on one machine with nothing installed but Python.

`bootstrap` makes the virtual environment (standard library only), `postgres` and `valkey` run the servers
from their wheels, `roles` makes the two database roles, `servers` decides between the embedded servers
and the ones named by `DATABASE_URL` and `REDIS_URL`, `supervisor` runs everything, `words` are the commands.
"""
