// Package templates holds the bundled templates: apps as pure definitions, with demonstration data.
//
// Floor 0. It is a folder of files and nothing else; README.md describes the layout.
package templates

import "embed"

// FS holds one folder a template: template.json, apps/<app>/... and, where there is demonstration data, seed/.
//
//go:embed all:sales-crm all:starter
var FS embed.FS
