package definition

import "encoding/json"

// Automation does something when something happens: a trigger, a condition, steps.
type Automation struct {
	Head
	// Form is whose records the trigger is about, a key in the same app or app.form; empty for a schedule without records.
	Form    string  `json:"form,omitempty"`
	Trigger Trigger `json:"trigger"`
	// When must hold for a run to start. It sees record, before and user.
	When *Expr `json:"when,omitempty"`
	// Disabled automations start no runs.
	Disabled bool   `json:"disabled,omitempty"`
	Steps    []Step `json:"steps"`
	Limits   Limits `json:"limits,omitempty"`
}

// Trigger says when an automation runs. Which members apply depends on On.
type Trigger struct {
	On TriggerKind `json:"on"`
	// Fields narrow changed and saved to changes of one of them.
	Fields []string `json:"fields,omitempty"`
	// From and To narrow changed (of exactly one field) and stage to values before and after.
	From []string `json:"from,omitempty"`
	To   []string `json:"to,omitempty"`
	// Field is the date or date-time that date and idle count from.
	Field string `json:"field,omitempty"`
	// Offset moves the moment: after the date, or before it when negative. Of idle: how long nothing happened.
	Offset *Span `json:"offset,omitempty"`
	// At is the time of day, HH:MM, of a date or of an offset in days.
	At string `json:"at,omitempty"`
	// Calendar is what workdays are counted by, and what Days means.
	Calendar string `json:"calendar,omitempty"`
	// Past makes date and idle fire, when they are published, for moments of that many days ago.
	Past int `json:"past,omitempty"`
	// Filter narrows the records that date and idle look at: the wire form of engine/query.
	Filter json.RawMessage `json:"filter,omitempty"`
	// Cron is when a schedule runs: minute, hour, day of month, month, day of week.
	Cron string `json:"cron,omitempty"`
	// Timezone of a schedule; default the workspace's.
	Timezone string `json:"timezone,omitempty"`
	// Days keeps a schedule to the working or the resting days of its calendar.
	Days string `json:"days,omitempty"`
	// Missed says what becomes of occurrences while nothing ran: once (default) or skip.
	Missed string `json:"missed,omitempty"`
	// Roles may press a button; empty: whoever may read the record.
	Roles []string `json:"roles,omitempty"`
	// Confirm is what a button asks first.
	Confirm Text   `json:"confirm,omitempty"`
	Icon    string `json:"icon,omitempty"`
}

// TriggerKind is what an automation waits for.
type TriggerKind string

const (
	OnCreated  TriggerKind = "created"
	OnChanged  TriggerKind = "changed"
	OnSaved    TriggerKind = "saved" // created or changed
	OnDeleted  TriggerKind = "deleted"
	OnStage    TriggerKind = "stage"
	OnDate     TriggerKind = "date"
	OnIdle     TriggerKind = "idle"
	OnSchedule TriggerKind = "schedule"
	OnButton   TriggerKind = "button"
)

// Timed says whether the clock starts it.
func (k TriggerKind) Timed() bool { return k == OnDate || k == OnIdle || k == OnSchedule }

// Span is a length of time.
type Span struct {
	Amount int    `json:"amount"`
	Unit   string `json:"unit"` // minute, hour, day, week, workday
}

// Step is one thing that an automation does. Config is what the registry in schemas/step says of its Type.
type Step struct {
	Key   string `json:"key"`
	Type  string `json:"type"`
	Title Text   `json:"title,omitempty"`
	// When leaves the step out where it does not hold.
	When   *Expr           `json:"when,omitempty"`
	Config json.RawMessage `json:"config,omitempty"`
}

// Limits bound what an automation may do; zero is the default.
type Limits struct {
	// PerMinute is how many runs may start in a minute; what comes above waits.
	PerMinute int `json:"perMinute,omitempty"`
	// Steps is how many steps one run may take.
	Steps int `json:"steps,omitempty"`
	// Depth is how many automations may set each other off, one after the other.
	Depth int `json:"depth,omitempty"`
}

// Calendar says which days people work.
type Calendar struct {
	Head
	// Weekend are the days of the week that are free, 1 for Monday to 7; default 6 and 7.
	Weekend []int `json:"weekend,omitempty"`
	// Holidays are free, Workdays are worked although they fall on a weekend or holiday.
	Holidays []Days `json:"holidays,omitempty"`
	Workdays []Days `json:"workdays,omitempty"`
}

// Days is a day, or all from one to another.
type Days struct {
	From  string `json:"from"`
	To    string `json:"to,omitempty"`
	Title Text   `json:"title,omitempty"`
}
