/** The longest side that browsers draw reliably. */
const longest = 16_000

/**
 * Draws a part of the page into a PNG file and saves it. The part is laid out once more inside an SVG picture, by the
 * page's own styles and in the theme in force, so that nothing is fetched and no program from elsewhere is needed.
 */
export async function savePicture(el: HTMLElement, name: string) {
  const blob = await picture(el)
  const url = URL.createObjectURL(blob)
  const a = document.createElement('a')
  a.href = url
  a.download = `${fileName(name)}.png`
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A name that every file system takes. */
export const fileName = (s: string) =>
  s
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 80) || 'picture'

export async function picture(el: HTMLElement): Promise<Blob> {
  const width = Math.ceil(el.getBoundingClientRect().width)
  const copy = el.cloneNode(true) as HTMLElement
  copy.querySelectorAll('.no-picture').forEach((x) => x.remove())
  const height = measured(copy, width)
  const scale = Math.min(2, longest / height, longest / width)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg(copy, width, height))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  const g = canvas.getContext('2d')
  if (!g) throw new Error('no canvas')
  g.scale(scale, scale)
  g.drawImage(image, 0, 0, width, height)
  return new Promise((done, failed) =>
    canvas.toBlob((b) => (b ? done(b) : failed(new Error('no picture'))), 'image/png'),
  )
}

/** How high the copy is where nothing scrolls; measured out of sight. */
function measured(copy: HTMLElement, width: number): number {
  const stage = document.createElement('div')
  stage.className = 'picture'
  stage.style.cssText = `position:fixed;left:-100000px;top:0;width:${width}px`
  stage.append(copy)
  document.body.append(stage)
  const height = Math.ceil(stage.scrollHeight)
  stage.remove()
  return height
}

function svg(copy: HTMLElement, width: number, height: number): string {
  const body = document.createElement('div')
  body.setAttribute('xmlns', 'http://www.w3.org/1999/xhtml')
  body.className = 'picture'
  const style = document.createElement('style')
  style.textContent = rules() + base
  body.append(style, copy)
  const theme = document.documentElement.dataset.theme ?? 'light'
  const lang = document.documentElement.lang
  const content = new XMLSerializer().serializeToString(body)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" data-theme="${theme}" lang="${lang}"><foreignObject width="100%" height="100%">${content}</foreignObject></svg>`
}

/** In a picture nothing scrolls, nothing moves and nothing waits to be hovered. */
const base = `
.picture { margin: 0; background: var(--bg); color: var(--text); font: 400 14px/22px var(--font); color-scheme: light; }
[data-theme='dark'] .picture { color-scheme: dark; }
.picture *, .picture *::before, .picture *::after { animation: none !important; transition: none !important; }
.picture h1 { font: 600 20px/28px var(--font); }`

/** Every style rule of the page that can be read. Fonts and pictures from files are left out: they would not load. */
function rules(): string {
  const out: string[] = []
  for (const sheet of document.styleSheets) {
    try {
      for (const rule of sheet.cssRules) if (!(rule instanceof CSSFontFaceRule)) out.push(rule.cssText)
    } catch {
      // a sheet of another origin, such as an extension's
    }
  }
  return out.join('\n')
}
