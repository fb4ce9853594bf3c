// Package docs_test holds what is written down against what is there: the deployment files and the table of
// dependencies. No container engine is needed; it does not show that the images run.
package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// variables are the documented environment variables of the server that a deployment may set.
var variables = []string{
	"FORMWORK_LISTEN", "FORMWORK_DATA", "FORMWORK_MONGODB_URI",
	"FORMWORK_ADMIN_LOGIN", "FORMWORK_ADMIN_PASSWORD", "FORMWORK_WORKSPACE", "FORMWORK_LOCALE",
	"FORMWORK_TIMEZONE", "FORMWORK_TEMPLATE", "FORMWORK_DEMO",
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{".."}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestDeploymentFilesUseDocumentedVariables(t *testing.T) {
	names := regexp.MustCompile(`\bFORMWORK_[A-Z_]+\b`)
	for _, file := range []string{"Dockerfile", "docker-compose.yml"} {
		found := names.FindAllString(read(t, file), -1)
		if len(found) == 0 {
			t.Errorf("%s sets no variable at all", file)
		}
		for _, name := range found {
			if !slices.Contains(variables, name) {
				t.Errorf("%s uses %s, which is not documented", file, name)
			}
		}
	}
}

type compose struct {
	Services map[string]struct {
		Image       string
		Build       yaml.Node
		Environment map[string]string
		Volumes     []string
		Healthcheck struct{ Test []string }
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	Volumes map[string]yaml.Node
}

func readCompose(t *testing.T) compose {
	t.Helper()
	var c compose
	if err := yaml.Unmarshal([]byte(read(t, "docker-compose.yml")), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeServices(t *testing.T) {
	c := readCompose(t)
	for _, name := range []string{"mongo", "formwork"} {
		if _, ok := c.Services[name]; !ok {
			t.Errorf("no service %s", name)
		}
	}
	used := map[string]bool{}
	for name, service := range c.Services {
		if service.Image == "" && service.Build.IsZero() {
			t.Errorf("%s has neither an image nor a build", name)
		}
		if len(service.Healthcheck.Test) < 2 || service.Healthcheck.Test[0] != "CMD" {
			t.Errorf("%s has no health check", name)
		}
		for _, volume := range service.Volumes {
			source, target, _ := strings.Cut(volume, ":")
			used[source] = true
			if _, ok := c.Volumes[source]; !ok {
				t.Errorf("%s mounts %s, which is no declared volume", name, source)
			}
			if !strings.HasPrefix(target, "/") {
				t.Errorf("%s mounts %s nowhere", name, source)
			}
		}
		for other, on := range service.DependsOn {
			if _, ok := c.Services[other]; !ok {
				t.Errorf("%s waits for %s, which is no service", name, other)
			}
			if on.Condition != "service_healthy" {
				t.Errorf("%s does not wait until %s is healthy", name, other)
			}
		}
	}
	for volume := range c.Volumes {
		if !used[volume] {
			t.Errorf("nothing uses the volume %s", volume)
		}
	}
}

// What one service says and what another expects of it must agree.
func TestComposeServicesFitTogether(t *testing.T) {
	c := readCompose(t)
	server, mongo := c.Services["formwork"], c.Services["mongo"]
	if _, ok := server.DependsOn["mongo"]; !ok {
		t.Error("formwork does not wait for mongo")
	}
	if uri := server.Environment["FORMWORK_MONGODB_URI"]; uri != "mongodb://mongo:27017/formwork?replicaSet=rs0" {
		t.Errorf("FORMWORK_MONGODB_URI is %q", uri)
	}
	if server.Environment["FORMWORK_LISTEN"] != ":8080" {
		t.Error("the server does not listen on the published port")
	}
	if check := strings.Join(mongo.Healthcheck.Test, " "); !strings.Contains(check, `rs.initiate({ _id: "rs0"`) || !strings.Contains(check, `host: "mongo:27017"`) {
		t.Error("the health check of mongo does not make it the replica set that the server expects")
	}
	if data := server.Environment["FORMWORK_DATA"]; !slices.Contains(server.Volumes, "formwork-data:"+data) {
		t.Errorf("FORMWORK_DATA is %q, on no volume", data)
	}
	if test := server.Healthcheck.Test; !slices.Equal(test, []string{"CMD", "formwork", "healthcheck"}) {
		t.Errorf("the health check is %q", test)
	}
}

// instruction is a line of the Dockerfile, continuations joined.
type instruction struct{ name, rest string }

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	var all []instruction
	for line := range strings.Lines(strings.ReplaceAll(read(t, "Dockerfile"), "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		all = append(all, instruction{name, strings.TrimSpace(rest)})
	}
	return all
}

func TestDockerfileStages(t *testing.T) {
	known := []string{"FROM", "WORKDIR", "COPY", "RUN", "ARG", "ENV", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
	var stages []string
	for _, i := range dockerfile(t) {
		if !slices.Contains(known, i.name) {
			t.Errorf("unknown instruction %s", i.name)
		}
		words := strings.Fields(i.rest)
		switch i.name {
		case "FROM":
			if len(words) != 3 || words[1] != "AS" {
				t.Errorf("FROM %s names no stage", i.rest)
				continue
			}
			if !strings.Contains(words[0], ":") {
				t.Errorf("the image %s has no version", words[0])
			}
			stages = append(stages, words[2])
		case "COPY":
			if from, ok := strings.CutPrefix(words[0], "--from="); ok {
				if !slices.Contains(stages, from) {
					t.Errorf("COPY %s: there is no stage %s before it", i.rest, from)
				}
				continue
			}
			for _, source := range words[:len(words)-1] {
				if _, err := os.Stat(filepath.Join("..", source)); err != nil {
					t.Errorf("COPY %s: %v", i.rest, err)
				}
			}
		}
	}
	if want := []string{"ui", "build", "runtime"}; !slices.Equal(stages, want) {
		t.Errorf("stages %v, want %v", stages, want)
	}
}

func TestDockerfileRuntime(t *testing.T) {
	runtime := map[string]string{}
	for _, i := range dockerfile(t) {
		if i.name == "FROM" {
			clear(runtime) // only the last stage is shipped
		}
		runtime[i.name] = i.rest
	}
	if user := runtime["USER"]; user == "" || user == "root" || user == "0" {
		t.Errorf("the image runs as %q", user)
	}
	if check := runtime["HEALTHCHECK"]; !strings.HasSuffix(check, `CMD ["formwork", "healthcheck"]`) {
		t.Errorf("HEALTHCHECK %s", check)
	}
	if runtime["VOLUME"] != "/data" || !strings.Contains(runtime["ENV"], "FORMWORK_DATA=/data") {
		t.Errorf("data at %q, volume %q", runtime["ENV"], runtime["VOLUME"])
	}
}

// The Go image must be able to build what go.mod asks for.
func TestDockerfileGoVersion(t *testing.T) {
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))
	if version == nil {
		t.Fatal("go.mod names no Go version")
	}
	if !strings.Contains(read(t, "Dockerfile"), "FROM golang:"+version[1]+"-alpine AS build") {
		t.Errorf("the Dockerfile does not build with Go %s", version[1])
	}
}
