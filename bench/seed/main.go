// Command seed fills the bench app with records 0 to ROWS-1 through the bulk API:
//
//	FORMWORK_TOKEN=... seed http://127.0.0.1:8080 bench/forms/FORM 100000
//
// They are the load harness's own records by number, so that its searches find as many as in the tables that it fills
// itself (its import, W7, begins at a number taken from the clock, and a search then finds nothing). They are written in a
// shuffled order, as its rows have shuffled times: the newest are not those with the highest numbers.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"
)

const (
	batch = 500
	// stride is a prime: with any number of rows that it does not divide, every row is met once.
	stride = 7_368_787
)

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: FORMWORK_TOKEN=... seed BASE APP/forms/FORM ROWS"))
	}
	rows, err := strconv.Atoi(os.Args[3])
	if err != nil || rows < 1 || rows%stride == 0 {
		fail(fmt.Errorf("ROWS is %q", os.Args[3]))
	}
	began := time.Now()
	for from := 0; from < rows; from += batch {
		var list []sample
		for n := from; n < min(from+batch, rows); n++ {
			list = append(list, numbered(n*stride%rows))
		}
		fail(send(os.Args[1]+"/api/v1/apps/"+os.Args[2]+"/bulk", list))
	}
	fmt.Fprintf(os.Stderr, "%d rows, %.0f a second\n", rows, float64(rows)/time.Since(began).Seconds())
}

// send creates a batch; every item must be created.
func send(url string, list []sample) error {
	body, err := json.Marshal(map[string]any{"create": list})
	if err != nil {
		return err
	}
	r, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+os.Getenv("FORMWORK_TOKEN"))
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var items struct {
		Create []struct {
			Status int `json:"status"`
		} `json:"create"`
	}
	if answer.StatusCode != http.StatusOK || json.Unmarshal(text, &items) != nil || len(items.Create) != len(list) {
		return fmt.Errorf("bulk: %s %.300s", answer.Status, text)
	}
	for i, item := range items.Create {
		if item.Status != http.StatusCreated {
			return fmt.Errorf("bulk: item %d has status %d: %.300s", i, item.Status, text)
		}
	}
	return nil
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}
