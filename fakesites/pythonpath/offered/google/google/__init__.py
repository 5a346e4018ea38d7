"""Google's packages on a node that offers them."""
