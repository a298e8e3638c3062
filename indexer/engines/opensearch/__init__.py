"""A catalog in an OpenSearch cluster, for archives or traffic beyond one machine."""
