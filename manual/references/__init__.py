"""Pages that are made from the code: one file each, with `page(assets)`, found by folder.

`assets` is a folder for files that go into the root of the site as they are.
"""
