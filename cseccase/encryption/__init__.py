"""Encryption at rest: what identifies a child or tells its story reaches the database only sealed.

`keyring` holds the keys (a file outside the database), `seal` binds a cipher text to its table, column and object,
`fields` are the model fields, `tokens` the blind indexes, `rotation` changes keys while people work.
"""
