// Withmongodb runs a command beside a MongoDB for tests and names it in FORMWORK_E2E_MONGODB_URI:
//
//	go run ./.ci/withmongodb node --test e2e/list.e2e.mjs
//
// Ends as the command does. Where there is no MongoDB it says so and runs nothing; under CI=true that is a failure.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"formwork/engine/store/storetest/mongoserver"
)

func main() {
	err := mongoserver.During(func(uri string) error {
		cmd := exec.Command(os.Args[1], os.Args[2:]...)
		cmd.Env = append(os.Environ(), "FORMWORK_E2E_MONGODB_URI="+uri)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		return cmd.Run()
	})
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		os.Exit(ended.ExitCode())
	case errors.Is(err, mongoserver.ErrAbsent):
		fmt.Fprintf(os.Stderr, "WARNING: %v, NOTHING WAS TRIED AGAINST IT\n", err)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
