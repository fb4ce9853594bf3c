package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // workspaces have time zones where the machine has no database of them

	"formwork/server/api"
)

// version is set by the linker.
var version = "dev"

// command is one thing that the program does.
type command struct {
	name, about string
	run         func(ctx context.Context, env environment, args []string) error
}

// commands are all commands, in the order in which they are shown.
func commands() []command {
	return []command{
		{"serve", "serve the API and the user interface", serve},
		{"template", "list templates, install one: template install KEY [--demo]", template},
		{"import", "import a spreadsheet: import FILE --into app.form", importFile},
		{"openapi", "write the OpenAPI document of this version", openAPI},
		{"healthcheck", "ask a server on this machine whether it is ready", healthcheck},
		{"version", "print the version", printVersion},
	}
}

// environment is the world outside of the program; tests have their own.
type environment struct {
	vars           func(name string) (string, bool)
	stdout, stderr *os.File
}

// errUsage ends the program with status 2 after what was wrong has been said.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	env := environment{vars: os.LookupEnv, stdout: os.Stdout, stderr: os.Stderr}
	switch err := run(ctx, env, os.Args[1:]); {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "formwork:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, env environment, args []string) error {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help"}, args[0]) {
		return usage(env)
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, env, args[1:])
		}
	}
	fmt.Fprintf(env.stderr, "formwork: unknown command %q\n", args[0])
	_ = usage(env)
	return errUsage
}

func usage(env environment) error {
	var b strings.Builder
	b.WriteString("usage: formwork COMMAND [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-12s %s\n", c.name, c.about)
	}
	b.WriteString("\nEvery flag has its variable: --listen is FORMWORK_LISTEN. formwork COMMAND --help lists the flags.\n")
	_, err := env.stderr.WriteString(b.String())
	return err
}

func printVersion(_ context.Context, env environment, _ []string) error {
	_, err := fmt.Fprintln(env.stdout, version)
	return err
}

func openAPI(_ context.Context, env environment, _ []string) error {
	b, err := api.Document(version)
	if err != nil {
		return err
	}
	_, err = env.stdout.Write(b)
	return err
}
