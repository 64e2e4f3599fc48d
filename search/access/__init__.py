"""Who may do what: keys of programs, kept beside the catalogues."""
