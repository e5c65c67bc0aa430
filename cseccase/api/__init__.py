"""The API's house rules: refuse unless a view names its action, and one way to answer what goes wrong."""
