// Package ui holds the built user interface: dist/, or nothing but a placeholder where it was not built.
//
// Floor 0. It is a folder of files and nothing else.
package ui

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the files of the built user interface; without index.html there is none.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}
