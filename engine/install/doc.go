// Package install puts templates into a workspace: definitions become published versions, the pristine base is kept for
// later upgrades, and demonstration data goes through the same write pipeline as any other.
//
// Floor 4. It reads templates from a file system; templates/README.md describes the layout. An installation that was
// interrupted is finished by installing again: ids of demonstration data follow from their names in the template.
package install
