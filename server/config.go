package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"

	"formwork/server/auth"
)

// flags is a set of flags whose defaults come from the environment: --public-url from FORMWORK_PUBLIC_URL.
func flags(env environment, name string) *flag.FlagSet {
	f := flag.NewFlagSet("formwork "+name, flag.ContinueOnError)
	f.SetOutput(env.stderr)
	return f
}

// variable is a flag's variable.
func variable(flag string) string {
	return "FORMWORK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// parse reads the environment, then the arguments. It gives what is no flag; flags may stand behind it.
func parse(env environment, f *flag.FlagSet, args []string) (rest []string, err error) {
	f.VisitAll(func(x *flag.Flag) {
		if v, ok := env.vars(variable(x.Name)); ok && v != "" && err == nil {
			if set := f.Set(x.Name, v); set != nil {
				err = fmt.Errorf("%s=%q: %w", variable(x.Name), v, set)
			}
		}
	})
	for err == nil {
		if err = f.Parse(args); err != nil {
			return nil, errUsageOr(err)
		}
		if args = f.Args(); len(args) == 0 {
			return rest, nil
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	return nil, err
}

// errUsageOr keeps a request for help apart from a mistake, which the flag package has already described.
func errUsageOr(err error) error {
	if err == flag.ErrHelp {
		return err
	}
	return errUsage
}

// config is everything that serve can be told.
type config struct {
	listen, data, mongodb string
	publicURL             *url.URL
	level                 slog.Level
	proxies               []netip.Prefix
	first                 auth.Wish
}

func readConfig(env environment, args []string) (c config, err error) {
	f := flags(env, "serve")
	f.StringVar(&c.listen, "listen", ":8080", "address to listen on; port 0 picks one")
	f.StringVar(&c.data, "data", "./data", "folder of the embedded store, and of files")
	f.StringVar(&c.mongodb, "mongodb-uri", "", "MongoDB replica set instead of the embedded store")
	level := f.String("log-level", "info", "debug, info, warn or error")
	public := f.String("public-url", "", "how browsers reach the server, https://forms.example.com")
	proxies := f.String("trusted-proxies", "", "networks whose X-Forwarded-For is believed, 10.0.0.0/8,127.0.0.1/32")
	f.StringVar(&c.first.Login, "admin-login", "", "first run: login of the first admin")
	f.StringVar(&c.first.Password, "admin-password", "", "first run: their password; better given by its variable")
	f.StringVar(&c.first.Name, "workspace", "", "first run: name of the workspace")
	f.StringVar(&c.first.Locale, "locale", "", "first run: language of the workspace, zh-CN by default")
	f.StringVar(&c.first.Timezone, "timezone", "", "first run: time zone of the workspace, Asia/Shanghai by default")
	f.StringVar(&c.first.Template, "template", "", "first run: template to install")
	f.BoolVar(&c.first.Demo, "demo", false, "first run: with demonstration data")
	rest, err := parse(env, f, args)
	if err != nil {
		return c, err
	}
	if len(rest) > 0 {
		return c, fmt.Errorf("serve takes no arguments, got %q", rest[0])
	}
	if err := c.level.UnmarshalText([]byte(*level)); err != nil {
		return c, fmt.Errorf("--log-level: %w", err)
	}
	if *public != "" {
		if c.publicURL, err = url.Parse(*public); err != nil || c.publicURL.Host == "" {
			return c, fmt.Errorf("--public-url %q is no address like https://forms.example.com", *public)
		}
	}
	for _, s := range strings.FieldsFunc(*proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return c, fmt.Errorf("--trusted-proxies: %w", err)
		}
		c.proxies = append(c.proxies, p.Masked())
	}
	return c, nil
}
