package main

import (
	_ "embed"
	"encoding/json"
)

//go:embed places.json
var placesFile []byte

// places are where things are in the product: paths below /api/v1, and the key of the template that makes them. They are
// data, like the mappings: another template with the same columns needs no other program.
var places = func() (p struct{ Template, App, Accounts, Products, Deals, Sectors string }) {
	if err := json.Unmarshal(placesFile, &p); err != nil {
		panic(err) // embedded
	}
	return p
}()
