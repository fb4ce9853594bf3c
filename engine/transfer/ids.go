package transfer

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// ids makes the ids of what a job creates: the same for the same row whenever it is asked, of the shape of all ids and in
// the order of the rows. Four bytes are the second at which the job was handed in, four stand for the job, then a kind and
// a number of three bytes, which is as far as rows of a sheet go.
type ids struct{ prefix string }

// What ids are made for.
const (
	idRow    byte = 0x01
	idEntry  byte = 0x02 // of the journal
	idPerson byte = 0x03 // a row's user
	idLeader byte = 0x04
	idRoot   byte = 0x05
	idTarget byte = 0x40 // + place of the column, of related records
	idUnit   byte = 0x20 // + depth, of departments
)

func idsOf(job string, at time.Time) ids {
	sum := sha256.Sum256([]byte(job))
	return ids{fmt.Sprintf("%08x%s", uint32(at.Unix()), hex.EncodeToString(sum[:4]))}
}

func (s ids) of(kind byte, n int) string {
	return fmt.Sprintf("%s%02x%06x", s.prefix, kind, n&0xffffff)
}

// made says whether the job made the id.
func (s ids) made(id string) bool { return strings.HasPrefix(id, s.prefix) }
