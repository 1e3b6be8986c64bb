"""What each problem means and how to get past it, for people."""

from typing import Final

REMEDIES: Final[dict[str, str]] = {
    "invalid-request": "The body was read, but parts of it are not acceptable. Each entry of "
    "`errors` points at one of them; correct all and send the request again.",
    "malformed-request": "The body, a header or a query parameter cannot be read at all: no JSON, "
    "a key that stands twice, an unknown parameter. Nothing was looked at beyond that.",
    "invalid-filter": "The filter has a mistake at the place that `detail` names.",
    "digest-mismatch": "The bytes that arrived are not those that the digest of the "
    "request was made of. Send the file again; if it happens again, compute the digest anew.",
    "unauthenticated": "Send `Authorization: Bearer lmn_…` with a key that is neither expired nor "
    "revoked. An administrator makes keys with POST /v1/keys.",
    "forbidden": "The key is valid but lacks the scope that this needs, or a service without keys "
    "was called from elsewhere than its own machine.",
    "not-found": "Nothing has this path or id in your project. Ids begin with the kind of thing "
    "they name: `job_`, `ds_`, `mdl_`.",
    "method-not-allowed": "The path exists, the method does not; the Allow header lists those "
    "that do.",
    "not-acceptable": "None of the representations named by Accept or `format` exists.",
    "idempotency-key-in-use": "The first request with this key has not been answered yet. Wait and "
    "send the same request again.",
    "in-use": "Something else still refers to it. Delete that first.",
    "job-active": "The job is queued or running. Cancel it, wait for its end, then try again.",
    "data-findings": "What was found in the data is as bad as the request says it may not be. Mend "
    "the data as `errors` tell, or let the request allow it.",
    "not-ready": "The thing exists but what you ask for is not there yet. Wait for its state to "
    "change: `Prefer: wait=60` on GET answers at the end.",
    "wrong-state": "The thing's state does not allow this step; `detail` names the state.",
    "offset-mismatch": "The Upload-Offset header tells where the upload stands: go on from there. "
    "Another request may have added to it, or taken it over.",
    "too-slow": "Send the body at once; what is large goes in pieces by tus, and on from where it "
    "was cut off.",
    "head-too-large": "Send fewer or shorter headers and parameters; what is long belongs "
    "into a body.",
    "gone": "The upload was not gone on with in time, and its bytes were deleted. Begin a new one.",
    "unsupported-version": "Uploads in pieces follow tus 1.0: send `Tus-Resumable: 1.0.0` with "
    "every request but OPTIONS and GET.",
    "precondition-failed": "It has changed since you read the ETag that you sent in If-Match. Read "
    "it again and decide anew.",
    "too-large": "The body exceeds a limit; GET /v1/server lists all limits. Large data belongs "
    "into a dataset upload, which is not under the JSON limit.",
    "unsupported-media-type": "Send JSON bodies as application/json, uncompressed.",
    "range-not-satisfiable": "The Range starts beyond the end; Content-Range tells the length.",
    "invalid-stack": "Layers are misspelt, lack arguments, or their shapes do not fit. Each entry "
    "of `errors` points at the layer, with the right name or a patch where one is known. "
    "POST /v1/stacks/check tries a stack without training.",
    "stack-too-large": "The stack has more layers or nesting than the service takes.",
    "invalid-training": "The optimizer, loss, metrics, callbacks or fit settings are not "
    "acceptable; `errors` points at each.",
    "invalid-dataset": "The file cannot be read as a table, array file or image archive. `errors` "
    "says what was found instead.",
    "invalid-file": "See `errors`. Word vectors are text with a word and its numbers on each line; "
    "arrays are `.npy` or `.npz` of numbers.",
    "export-failed": "This form cannot hold the network, or its runtime gave other numbers; the "
    "detail says which. `keras`, `weights` and `saved_model` hold nearly everything.",
    "data-stack-mismatch": "The stack is sound and the data is sound, but they do not fit: a "
    "column is missing, or the output's shape is not that of the target.",
    "idempotency-key-reused": "This Idempotency-Key was sent before with another body. Use a fresh "
    "key for each new request, and the old one only for repeats.",
    "checksum-mismatch": "The piece that arrived has another checksum than Upload-Checksum says. "
    "It was dropped; send it again.",
    "quota-exceeded": "Your project or your key has used up a quota; `GET /v1/usage` says which "
    "and how far. Delete what is not needed any more, or wait.",
    "rate-limited": "Every key may make so many requests a second, more after a rest: the fields "
    "RateLimit and RateLimit-Policy of every answer say how many are left. Wait for Retry-After.",
    "internal": "A mistake of the service, not yours. Its log has the details under the "
    "`request_id` of the answer.",
    "storage-full": "The disk, the object storage or the database of the service is full. Nothing "
    "was stored; delete what is no longer needed, or tell the operator, and send it again.",
    "queue-full": "Your project or your key has as many queued jobs as it may. Wait until some "
    "have run, or cancel some.",
    "overloaded": "Too many requests are being worked on. Nothing was done; send it again after "
    "Retry-After seconds.",
    "unavailable": "The database, the engine or another part is out of reach right now. The "
    "request was not carried out; send it again after Retry-After seconds.",
    "shutting-down": "The service is about to stop or restart. Send the request again soon.",
}
"""Problem slug: text, plain with Markdown's backquotes."""
