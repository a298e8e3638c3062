"""The pages for people, a module a resource."""
