/** Bytes as base64, as routes take them. The browser encodes without blocking the page. Rejects if they cannot be read. */
export function base64Of(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(bytes)
  })
}
