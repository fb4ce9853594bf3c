// Package definition holds the decoded Go form of every kind of definition: what an app is made of, as data.
//
// Floor 0. Decode turns the JSON text of a definition into its type after the meta-schema (schemas/meta) accepted it.
// Nothing here interprets a definition; cross references and expressions are checked by engine/catalog.
package definition
