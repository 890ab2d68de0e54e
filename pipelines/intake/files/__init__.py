"""What kinds of files units send, and how each is read or refused."""
