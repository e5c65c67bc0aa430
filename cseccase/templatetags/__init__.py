"""What templates may call: the words and pictures of the shell."""
