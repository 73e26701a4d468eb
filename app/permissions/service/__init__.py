"""What is done with the policy: explained, drafted, proposed, approved, rolled back, tried out."""
