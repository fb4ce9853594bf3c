// Command table turns the results of the load harness, JSON lines, into a Markdown table: requests per second by workload,
// and how formwork stands to the others.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
)

type result struct {
	System   string  `json:"system"`
	Workload string  `json:"workload"`
	Conc     int     `json:"conc"`
	RPS      float64 `json:"rps"`
	P50      float64 `json:"p50_ms"`
	Errors   int     `json:"errors"`
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: table RESULTS.jsonl")
		os.Exit(2)
	}
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	type key struct {
		workload string
		conc     int
	}
	by := map[key]map[string]result{}
	var order []key
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var r result
		if json.Unmarshal(lines.Bytes(), &r) != nil {
			continue
		}
		k := key{r.Workload, r.Conc}
		if by[k] == nil {
			by[k] = map[string]result{}
			order = append(order, k)
		}
		by[k][r.System] = r
	}
	slices.SortStableFunc(order, func(a, b key) int { return a.conc - b.conc })
	fmt.Println("| workload | callers | formwork/s | limit/s | PocketBase/s | to limit | to PocketBase | p50 ms |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	for _, k := range order {
		fw, limit, pb := by[k]["formwork"], by[k]["limit"], by[k]["pocketbase"]
		ratio := func(of float64) string {
			if of == 0 {
				return ""
			}
			return fmt.Sprintf("%.2f", fw.RPS/of)
		}
		fmt.Printf("| %s | %d | %.0f | %.0f | %.0f | %s | %s | %.2f |\n", k.workload, k.conc, fw.RPS, limit.RPS, pb.RPS, ratio(limit.RPS), ratio(pb.RPS), fw.P50)
	}
}
