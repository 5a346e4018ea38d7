"""What pilots find as the package ``rucio`` on a simulated node; see rucio.client."""
