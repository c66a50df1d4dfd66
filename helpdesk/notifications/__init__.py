"""What agents are told: in their page's list and by mail, each as they like it."""
