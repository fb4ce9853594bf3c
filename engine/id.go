package engine

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync/atomic"
	"time"
)

// NewIDs makes a maker of ids: 24 hexadecimal digits of the shape of an ObjectID, seconds first, so that they are ordered
// by time; five random bytes of the process and a counter make them unique. Safe for concurrent use.
func NewIDs(now func() time.Time) func() string {
	var process [5]byte
	var start [4]byte
	_, _ = rand.Read(process[:]) // never fails, by its contract
	_, _ = rand.Read(start[:])
	var counter atomic.Uint32
	counter.Store(binary.BigEndian.Uint32(start[:]))
	return func() string {
		var b [12]byte
		binary.BigEndian.PutUint32(b[0:4], uint32(now().Unix()))
		copy(b[4:9], process[:])
		n := counter.Add(1)
		b[9], b[10], b[11] = byte(n>>16), byte(n>>8), byte(n)
		return hex.EncodeToString(b[:])
	}
}

// secretID makes ids that nobody can guess from others, of the same shape: for files, which are found by id alone.
func secretID() string {
	var b [12]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
