package main

import (
	"fmt"
	"time"
)

// sample is the harness's record of 15 fields.
type sample struct {
	Name      string   `json:"name"`
	Email     string   `json:"email"`
	Phone     string   `json:"phone"`
	Company   string   `json:"company"`
	Stage     string   `json:"stage"`
	Industry  string   `json:"industry"`
	Owner     string   `json:"owner"`
	Amount    float64  `json:"amount"`
	Employees int      `json:"employees"`
	Signed    string   `json:"signed"`
	City      string   `json:"city"`
	Country   string   `json:"country"`
	Notes     string   `json:"notes"`
	Tags      []string `json:"tags"`
	Active    bool     `json:"active"`
}

const (
	notes  = "Met at the spring fair, asked for a written offer and a follow-up call after the budget round; prefers mail over phone."
	owners = 50
)

var (
	stages     = []string{"lead", "qualified", "proposal", "negotiation", "won", "lost"}
	industries = []string{"retail", "health", "finance", "energy", "media", "logistics", "software", "food"}
	given      = []string{
		"Avery", "Blake", "Casey", "Devon", "Emery", "Finley", "Gray", "Harper", "Indigo", "Jules",
		"Kai", "Logan", "Morgan", "Noel", "Oakley", "Parker", "Quinn", "Riley", "Sage", "Tatum",
	}
	family = []string{
		"Alder", "Birch", "Cedar", "Dale", "Ember", "Fjord", "Glen", "Heath", "Inlet", "Jasper", "Kestrel", "Lumen", "Marsh",
		"Noble", "Onyx", "Pine", "Quartz", "Ridge", "Stone", "Thorn", "Umber", "Vale", "Wren", "Yarrow", "Zephyr",
	}
	places = []struct{ city, country string }{
		{"Lisbon", "PT"}, {"Porto", "PT"}, {"Oslo", "NO"}, {"Turin", "IT"}, {"Lyon", "FR"}, {"Ghent", "BE"}, {"Cork", "IE"},
		{"Graz", "AT"}, {"Brno", "CZ"}, {"Tartu", "EE"}, {"Malmo", "SE"}, {"Gdansk", "PL"},
	}
	tags = []string{"vip", "renewal", "inbound", "partner", "trial", "priority", "event", "referral"}
)

// mix is splitmix64 (Steele, Lea, Flood 2014): spreads values over fields without a generator's state.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9
	x = (x ^ (x >> 27)) * 0x94D049BB133111EB
	return x ^ (x >> 31)
}

// numbered is record number i, the same as the harness's. The order of the draws is part of that.
func numbered(i int) sample {
	h := mix(uint64(i))
	draw := func(n int) int {
		r := int(h % uint64(n))
		h = mix(h)
		return r
	}
	first, last := given[draw(len(given))], family[draw(len(family))]
	at := places[draw(len(places))]
	tag, other := tags[draw(len(tags))], tags[draw(len(tags))]
	return sample{
		Name:      fmt.Sprintf("%s %s %07d", first, last, i),
		Email:     fmt.Sprintf("%s.%s.%d@example.test", first, last, i),
		Phone:     fmt.Sprintf("+351 9%02d %03d %03d", i%100, draw(1000), draw(1000)),
		Company:   fmt.Sprintf("%s %s Ltd", last, at.city),
		Stage:     stages[draw(len(stages))],
		Industry:  industries[draw(len(industries))],
		Owner:     fmt.Sprintf("user%03d", draw(owners)),
		Amount:    float64(draw(10_000_000)) / 100,
		Employees: 1 + draw(5000),
		Signed:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, draw(2000)).Format(time.DateOnly),
		City:      at.city,
		Country:   at.country,
		Notes:     notes,
		Tags:      []string{tag, other},
		Active:    i%3 != 0,
	}
}
