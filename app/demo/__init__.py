"""A small district in Chinese, for whoever tries the server out, and for the stories that the tests tell. Invented."""
