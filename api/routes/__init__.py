"""The routes: every module here has a `router` and is mounted by `api.app`."""
