"""What a monitoring system gets to see."""
