package main

import (
	"context"
	"fmt"
	"net/url"
	"text/tabwriter"
)

// template lists the gallery of a server, or installs from it.
func template(ctx context.Context, env environment, args []string) error {
	f := flags(env, "template")
	c := clientFlags(f)
	demo := f.Bool("demo", false, "install: with demonstration data")
	rest, err := parse(env, f, args)
	if err != nil {
		return err
	}
	switch {
	case len(rest) == 0 || len(rest) == 1 && rest[0] == "list":
		return listTemplates(ctx, env, c)
	case len(rest) == 2 && rest[0] == "install":
		return installTemplate(ctx, env, c, rest[1], *demo)
	}
	fmt.Fprintln(env.stderr, "usage: formwork template [list | install KEY [--demo]] [--url URL] [--token TOKEN]")
	return errUsage
}

func listTemplates(ctx context.Context, env environment, c *client) error {
	var gallery struct {
		Items []struct{ Key, Version, Installed string }
	}
	if err := c.do(ctx, "GET", "templates", nil, &gallery); err != nil {
		return err
	}
	w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "TEMPLATE\tVERSION\tINSTALLED")
	for _, t := range gallery.Items {
		fmt.Fprintf(w, "%s\t%s\t%s\n", t.Key, t.Version, t.Installed)
	}
	return w.Flush()
}

func installTemplate(ctx context.Context, env environment, c *client, key string, demo bool) error {
	var result struct {
		Version        string
		Apps           map[string]int64
		Records, Users int
	}
	if err := c.do(ctx, "POST", "templates/"+url.PathEscape(key)+"/install", map[string]any{"demo": demo}, &result); err != nil {
		return err
	}
	_, err := fmt.Fprintf(env.stdout, "installed %s %s: %d apps, %d records\n", key, result.Version, len(result.Apps), result.Records)
	return err
}
