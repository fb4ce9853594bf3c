import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useLayoutEffect } from 'react'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useFormState, useSubmit, type FormState } from '../form'
import { formModel, type FormModel, type JsonObject } from '../schema'
import { entry } from '../schema/testdata/sample'
import { renderWith, startTestTexts } from '../testing/render'
import { FormFields, WidgetProvider, forgetTitles, type Density, type FormServices, type Mode } from '.'

const model = formModel(entry)
const user = userEvent.setup()
const other = '65a1b2c3d4e5f60718293a77'

const services: FormServices = {
  search: vi.fn(async (_, query) => [{ id: other, title: `${query || '最近'}的样品` }]),
  titles: vi.fn(async (_, ids) => Object.fromEntries(ids.map((id: string) => [id, '另一个样品']))),
  users: async () => [
    { id: '65a1b2c3d4e5f60718293a00', name: '李雷', active: true },
    { id: '65a1b2c3d4e5f60718293a01', name: '韩梅梅', active: true },
    { id: '65a1b2c3d4e5f60718293a02', name: '离职的人', active: false },
  ],
  departments: async () => [],
  upload: vi.fn(async (file: File) => ({
    id: '65a1b2c3d4e5f60718293aff',
    name: file.name,
    size: file.size,
    type: file.type,
  })),
  fileUrl: (f) => `/files/${f.id}`,
  evaluate: vi.fn(async () => ({ parentLevel: 'o2' })),
}

let state: FormState
const hold = (s: FormState) => (state = s)
const send = vi.fn(async (patch: JsonObject) => ({ id: 'x', rev: 1, data: patch }))

type PageProps = { mode?: Mode; density?: Density; data?: JsonObject; of?: FormModel }

function Page({ mode, density, data, of = model }: PageProps) {
  const own = useFormState(of, data ? { id: other, rev: 1, data } : {})
  useLayoutEffect(() => void hold(own), [own])
  const { submit } = useSubmit(own, send)
  return (
    <WidgetProvider services={services} density={density ?? 'desktop'}>
      <FormFields state={own} mode={mode} />
      <button onClick={() => void submit()}>保存</button>
    </WidgetProvider>
  )
}

vi.setConfig({ testTimeout: 20_000 })
beforeAll(() => startTestTexts())
beforeEach(() => {
  vi.clearAllMocks()
  forgetTitles()
})

const save = () => user.click(screen.getByRole('button', { name: '保存' }))
const list = () => screen.getByRole('listbox')

describe('a form that is filled in', () => {
  it('marks what is missing when it is saved, and takes the focus there', async () => {
    renderWith(<Page />)
    const name = await screen.findByLabelText(/^名称/)
    expect(name).toBeRequired()
    expect(name).not.toBeInvalid()
    await save()
    expect(name).toBeInvalid()
    expect(name).toHaveAccessibleDescription('请填写此项')
    await waitFor(() => expect(name).toHaveFocus())
    expect(send).not.toHaveBeenCalled()
  })

  it('sends what was typed as canonical values', async () => {
    renderWith(<Page />)
    await user.type(await screen.findByLabelText(/^名称/), ' 新样品 ')
    await user.type(screen.getByLabelText('单价'), '1,234.5')
    await user.type(screen.getByLabelText('折扣'), '９０')
    await save()
    expect(send).toHaveBeenCalledWith(expect.objectContaining({ name: '新样品', price: 1234.5, rate: 90 }))
  })

  it('shows numbers grouped once they are left, and computes with them', async () => {
    renderWith(<Page />)
    await user.type(await screen.findByLabelText('单价'), '1234.5')
    await user.type(screen.getByLabelText('数量'), '10')
    expect(screen.getByLabelText('单价')).toHaveValue('1,234.50')
    expect(screen.getByText('¥12,345.00')).toBeInTheDocument()
  })

  it('shows a section and asks for its field while the condition holds', async () => {
    renderWith(<Page />)
    const level = await screen.findByRole('combobox', { name: /等级/ })
    expect(screen.queryByLabelText(/^原因/)).toBeNull()
    await user.click(level)
    await user.click(within(list()).getByText('选项3'))
    expect(screen.getByRole('textbox', { name: /^原因/ })).toBeRequired()
  })

  it('does not offer options that were retired, unless the record has one', async () => {
    const { unmount } = renderWith(<Page />)
    await user.click(await screen.findByRole('combobox', { name: '旧选项' }))
    expect(
      within(list())
        .getAllByRole('option')
        .map((o) => o.textContent),
    ).toEqual(['现用'])
    unmount()
    renderWith(<Page data={{ name: '旧的', level: 'o1', retired: 'b' }} />)
    const old = await screen.findByRole('combobox', { name: '旧选项' })
    expect(old).toHaveValue('停用')
  })
})

describe('choosing', () => {
  it('works by keyboard alone: type, arrow, Enter; Esc leaves it as it was', async () => {
    renderWith(<Page />)
    const many = await screen.findByRole('combobox', { name: '很多选项' })
    many.focus()
    await user.keyboard('第 3')
    expect(within(list()).getAllByRole('option')).toHaveLength(11)
    await user.keyboard('{ArrowDown}{Enter}')
    expect(many).toHaveValue('第 30 种')
    await user.keyboard('{ArrowDown}{Escape}')
    expect(screen.queryByRole('listbox')).toBeNull()
    expect(state.value('many')).toBe('m30')
  })

  it('takes several as tags and takes back the last with Backspace', async () => {
    renderWith(<Page />)
    const tags = await screen.findByRole('combobox', { name: '标签' })
    await user.click(tags)
    await user.keyboard('{Enter}{ArrowDown}{Enter}')
    expect(state.value('tags')).toEqual(['o0', 'o1'])
    await user.keyboard('{Backspace}')
    expect(state.value('tags')).toEqual(['o0'])
    await user.click(screen.getByRole('button', { name: '移除 选项0' }))
    expect(state.value('tags')).toBeUndefined()
  })

  it('offers people who are active, by name', async () => {
    renderWith(<Page />)
    await user.click(await screen.findByRole('combobox', { name: '负责人' }))
    await waitFor(() =>
      expect(
        within(list())
          .getAllByRole('option')
          .map((o) => o.textContent),
      ).toEqual(['李李雷', '韩韩梅梅']),
    )
  })

  it('searches records while one types, and fills in what follows from the choice', async () => {
    renderWith(<Page />)
    await user.click(await screen.findByRole('combobox', { name: '上级' }))
    await user.keyboard('二期')
    await user.click(await screen.findByText('二期的样品'))
    expect(state.value('parent')).toBe(other)
    expect(screen.getByRole('combobox', { name: '上级' })).toHaveValue('二期的样品')
    await waitFor(() => expect(screen.getByLabelText('上级等级')).toHaveTextContent('选项2'))
  })
})

describe('the rows of a sub-table', () => {
  const rows = () => state.rows('lines').map((r) => Object.fromEntries(Object.entries(r).filter(([k]) => k !== '_id')))
  const add = async () => user.click(await screen.findByRole('button', { name: '添加一行' }))

  it('are filled in by keyboard: Enter goes down and makes a new row behind the last', async () => {
    renderWith(<Page />)
    await add()
    await waitFor(() => expect(screen.getByRole('textbox', { name: '品名，第 1 行' })).toHaveFocus())
    await user.keyboard('螺丝{Enter}垫片')
    await waitFor(() =>
      expect(rows()).toEqual([
        { item: '螺丝', n: 1 },
        { item: '垫片', n: 1 },
      ]),
    )
  })

  it('come from a spreadsheet, from the cell on that has the focus', async () => {
    renderWith(<Page />)
    await add()
    await screen.findByRole('textbox', { name: '品名，第 1 行' })
    await user.click(screen.getByRole('textbox', { name: '品名，第 1 行' }))
    await user.paste('螺丝\t1,000\t0.5\t选项1\t2026/3/5\t是\r\n"垫\n片"\t2\tx\r\n')
    expect(rows()).toEqual([
      { item: '螺丝', n: 1000, each: 0.5, kind: 'o1', due: '2026-03-05', ok: true },
      { item: '垫\n片', n: 2, each: 'x' },
    ])
    expect(state.value('sum')).toBe(500)
  })

  it('say what is wrong at the cell', async () => {
    renderWith(<Page />)
    await add()
    await user.type(await screen.findByRole('textbox', { name: '价，第 1 行' }), '5')
    await user.type(screen.getByLabelText(/^名称/), '样品')
    await save()
    expect(screen.getByRole('textbox', { name: '品名，第 1 行' })).toHaveAccessibleDescription('请填写此项')
    expect(send).not.toHaveBeenCalled()
  })

  it('are copied and deleted', async () => {
    renderWith(<Page data={{ name: '一', level: 'o1', lines: [{ _id: '65a1b2c3d4e5f60718293b01', item: 'a' }] }} />)
    await user.click(await screen.findByRole('button', { name: '复制第 1 行' }))
    expect(rows()).toEqual([{ item: 'a' }, { item: 'a' }])
    expect(new Set(state.rows('lines').map((r) => r._id)).size).toBe(2)
    await user.click(screen.getByRole('button', { name: '删除第 1 行' }))
    expect(rows()).toEqual([{ item: 'a' }])
  })
})

describe('files', () => {
  it('are sent when they are chosen, and refused with a reason when the field does not take them', async () => {
    renderWith(<Page />)
    const input = await screen.findByLabelText(/^添加文件/)
    await user.upload(input, [
      new File(['ok'], 'a.txt', { type: 'text/plain' }),
      new File([], 'empty.txt', { type: 'text/plain' }),
    ])
    await waitFor(() => expect(state.value('docs')).toMatchObject([{ name: 'a.txt' }]))
    expect(screen.getByText('“empty.txt”是空文件')).toBeInTheDocument()
    expect(services.upload).toHaveBeenCalledTimes(1)
    await user.click(screen.getByRole('button', { name: '移除 a.txt' }))
    expect(state.value('docs')).toBeUndefined()
  })

  it('that did not arrive can be sent again, and saving waits for them', async () => {
    renderWith(<Page data={{ name: '一个', level: 'o1' }} />)
    const upload = vi.mocked(services.upload)
    upload.mockRejectedValueOnce(new Error('offline'))
    await user.upload(await screen.findByLabelText(/^添加文件/), new File(['ok'], 'b.txt', { type: 'text/plain' }))
    await screen.findByText('没有上传成功，请重试')
    let arrive: (v: { id: string; name: string }) => void = () => undefined
    upload.mockReturnValueOnce(new Promise((done) => (arrive = done)))
    await user.click(screen.getByRole('button', { name: '重新上传 b.txt' }))
    await save()
    expect(send).not.toHaveBeenCalled()
    await act(async () => arrive({ id: '65a1b2c3d4e5f60718293aff', name: 'b.txt' }))
    await waitFor(() =>
      expect(send).toHaveBeenCalledWith({ docs: [{ id: '65a1b2c3d4e5f60718293aff', name: 'b.txt' }] }),
    )
  })
})

describe('a record that is read and edited in place', () => {
  const data = { name: '老样品', level: 'o1', parent: other, price: 10, done: true }

  it('shows values, and the name of what it points to after one request', async () => {
    renderWith(<Page mode="inline" data={data} />)
    expect(await screen.findByText('¥10.00')).toBeInTheDocument()
    expect(await screen.findByText('另一个样品')).toBeInTheDocument()
    expect(services.titles).toHaveBeenCalledTimes(1)
    expect(screen.queryByRole('textbox', { name: /^名称/ })).toBeNull()
  })

  it('edits one field: Enter keeps, what it was stays in sight, and can be put back', async () => {
    renderWith(<Page mode="inline" data={data} />)
    await user.click(await screen.findByRole('button', { name: '修改名称' }))
    const input = screen.getByRole('textbox', { name: /^名称/ })
    expect(input).toHaveFocus()
    await user.clear(input)
    await user.type(input, '新样品{Enter}')
    expect(state.patch()).toEqual({ name: '新样品' })
    expect(screen.getByText('老样品')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: '撤销对名称的修改' }))
    expect(state.dirty).toEqual([])
  })

  it('puts back what stood there with Esc', async () => {
    renderWith(<Page mode="inline" data={data} />)
    await user.click(await screen.findByRole('button', { name: '修改名称' }))
    await user.keyboard('乱写{Escape}')
    expect(state.dirty).toEqual([])
    expect(screen.getByText('老样品')).toBeInTheDocument()
  })
})

describe('what is asked for', () => {
  const states = [{ key: 'o1' }, { key: 'o2' }]
  const staged = formModel({
    ...entry,
    stages: { field: 'level', initial: 'o1', since: 'at', due: 'until', states, transitions: [] },
  } as never)

  it('is nothing about a stage that is entered with saving', async () => {
    const { container } = renderWith(<Page of={staged} />)
    await screen.findByLabelText(/^名称/)
    const fields = [...container.querySelectorAll('[data-field]')].map((x) => x.getAttribute('data-field'))
    expect(fields).toContain('day')
    expect(fields).not.toContain('at')
    expect(fields).not.toContain('until')
  })
})

describe('on a phone', () => {
  it('a form that is drawn in parts ends up whole', async () => {
    const { container } = renderWith(<Page density="phone" />)
    await screen.findByLabelText(/^名称/)
    const last = model.sections
      .at(-1)!
      .fields.filter((f) => !f.computed)
      .at(-1)!
    await waitFor(() => expect(container.querySelector(`[data-field="${last.key}"]`)).not.toBeNull())
  })

  it('a few short answers are all in sight, and one tap chooses', async () => {
    renderWith(<Page density="phone" />)
    const level = await screen.findByRole('radiogroup', { name: '等级' })
    await user.click(within(level).getByLabelText('选项2'))
    expect(state.value('level')).toBe('o2')
  })

  it('many answers are a native list', async () => {
    renderWith(<Page density="phone" />)
    await user.selectOptions(await screen.findByRole('combobox', { name: '很多选项' }), '第 7 种')
    expect(state.value('many')).toBe('m7')
  })

  it('rows are cards whose controls have their own labels', async () => {
    renderWith(<Page density="phone" />)
    await user.click(await screen.findByRole('button', { name: '添加一行' }))
    const card = screen.getByRole('region', { name: '第 1 行' })
    await user.type(within(card).getByRole('textbox', { name: /^品名/ }), '螺丝')
    expect(state.value('lines')).toMatchObject([{ item: '螺丝', n: 1 }])
  })
})
