package mongoserver

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// announcedPort reads "listening on 127.0.0.1:PORT" from the server's output.
func (p *process) announcedPort(ctx context.Context, logPath string) (int, error) {
	for {
		text, err := os.ReadFile(logPath)
		if err != nil {
			return 0, err
		}
		lines := bufio.NewScanner(strings.NewReader(string(text)))
		for lines.Scan() {
			if _, addr, ok := strings.Cut(lines.Text(), "listening on "); ok {
				if _, port, err := net.SplitHostPort(strings.TrimSpace(addr)); err == nil {
					return strconv.Atoi(port)
				}
			}
		}
		if err := p.pauseWhileRunning(ctx, logPath); err != nil {
			return 0, err
		}
	}
}

// awaitPrimary polls until the server says it takes writes; a new mongod is made a replica set on the way.
func (p *process) awaitPrimary(ctx context.Context, port int, logPath string) error {
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	client, err := mongo.Connect(options.Client().
		ApplyURI("mongodb://" + addr + "/?directConnection=true").
		SetHeartbeatInterval(500 * time.Millisecond).
		SetServerSelectionTimeout(time.Second).
		SetTimeout(5 * time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	admin := client.Database("admin")
	initiated := p.program.kind != kindMongod || p.port != 0
	for {
		var hello struct {
			Primary bool   `bson:"isWritablePrimary"`
			SetName string `bson:"setName"`
		}
		err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
		if err == nil && hello.Primary {
			p.set = hello.SetName
			return nil
		}
		if err == nil && !initiated {
			// Only our own child is made a replica set: another process may have taken the port first.
			if err := p.checkPID(ctx, admin); err != nil {
				return err
			}
			config := bson.D{{Key: "_id", Value: replicaSet}, {Key: "members", Value: bson.A{
				bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: addr}},
			}}}
			if err := admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err(); err != nil {
				return fmt.Errorf("initiate the replica set: %w", err)
			}
			initiated = true
		}
		if err := p.pauseWhileRunning(ctx, logPath); err != nil {
			return err
		}
	}
}

func (p *process) checkPID(ctx context.Context, admin *mongo.Database) error {
	var status struct {
		PID int64 `bson:"pid"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "serverStatus", Value: 1}}).Decode(&status); err != nil {
		return fmt.Errorf("serverStatus: %w", err)
	}
	if status.PID != int64(p.cmd.Process.Pid) {
		return &exitedError{p.program.path, "address already in use by another server"}
	}
	return nil
}

// exitedError carries the output of a server that ended while it was being waited for.
type exitedError struct{ path, output string }

func (e *exitedError) Error() string {
	return fmt.Sprintf("%s ended before it was ready:\n%s", e.path, e.output)
}

func (e *exitedError) portTaken() bool {
	text := strings.ToLower(e.output)
	return strings.Contains(text, "address already in use") || strings.Contains(text, "addrinuse")
}

// pauseWhileRunning waits a moment, and no longer than the server lives.
func (p *process) pauseWhileRunning(ctx context.Context, logPath string) error {
	select {
	case <-p.exited:
		return &exitedError{p.program.path, p.output(logPath)}
	default:
	}
	if err := pause(ctx); err != nil {
		return fmt.Errorf("%s was not ready within %s: %w\n%s", p.program.path, startTimeout, err, p.output(logPath))
	}
	return nil
}

// output is the end of what the server wrote, mongod's own log included.
func (p *process) output(paths ...string) string {
	const tail = 4 << 10
	var all []string
	for _, path := range append(paths, filepath.Join(p.dir, "mongod.log")) {
		text, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		all = append(all, string(text[max(0, len(text)-tail):]))
	}
	return strings.TrimSpace(strings.Join(all, "\n"))
}

func pause(ctx context.Context) error {
	timer := time.NewTimer(pollEvery)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
