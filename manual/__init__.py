"""The documentation as a site: the written pages, and references made from the code."""
