"""Units, people, posts and accounts: who there is, who may sign in, and which roles were granted to whom."""
