"""Labels, rows and columns of a sheet matched with the fields of a form."""
