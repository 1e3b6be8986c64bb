"""The commands, one file each; a module with `group` is a group of them."""
