"""Tables, folders and archives of products: read, checked, planned, taken in; and out again."""
