// Package file keeps attachments: what they are in the store, their bytes in Blobs.
//
// Floor 4. It knows no HTTP and decides no access: whoever serves a file asks first whether the caller may read it. Bytes
// lie in a directory (Dir) or in the store itself (Chunked).
//
// A life: Save streams the bytes, Attach marks the file as used in the transaction of the record that uses it, and Sweep
// deletes what no record used in time. Bytes and metadata cannot commit together, so the metadata is in the recycle bin,
// where no reader finds it, from before the first byte is written until all are durable, and again from before they are
// deleted until they are gone. A crash anywhere leaves at most bytes with metadata in the bin, which the next Sweep
// deletes; metadata that a reader finds has its bytes.
package file
