"""A catalog over an OpenSearch cluster, for an archive or a load that one machine cannot hold."""
