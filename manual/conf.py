"""Sphinx's configuration. Furo brings no fonts and no scripts from elsewhere."""

from lamina import __version__

project = "Lamina"
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["assets"]
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
html_theme = "furo"
html_title = f"Lamina {release}"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_extra_path = ["../build/manual/assets"]
html_theme_options = {"navigation_with_keys": True}
highlight_language = "none"
