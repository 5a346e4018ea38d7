"""What boto3 stands on, as far as pilots import it: its exceptions."""
